# Verdicts for people and for CI: reads all verdicts as one list. Used by verdicts.sh.
# The argument format is line (of the last verdict), summary, json or junit; profile, url, way and
# model are those of the run, and color is empty or 1.

def count(result): map(select(.result == result)) | length;
def total_seconds: map(.seconds) | add // 0 | . * 1000 | round / 1000;

def paint($code): if $color == "" then . else "\u001b[\($code)m\(.)\u001b[0m" end;
def pad($width): . + " " * ([$width - length, 0] | max);
def right($width): " " * ([$width - length, 0] | max) + .;
def mark:
  if . == "passed" then "passed" | paint("32")
  elif . == "failed" then "FAILED" | paint("31")
  else "skipped" | pad(7) | paint("33") end;
def line:
  (.result | mark) + (if .result == "skipped" then " " else "  " end) + (.name | pad(13))
  + (if .seconds == 0 then "" else "\(.seconds * 1000 | round) ms" end | right(9))
  + "  " + .detail
  + (if .next == null then "" else "\n" + " " * 32 + "next: " + .next end);
def summary:
  "\(count("passed")) passed, \(count("failed")) failed, \(count("skipped")) skipped";

# XML 1.0 cannot hold these characters, not even escaped.
def xml:
  explode
  | map(select(. == 9 or . == 10 or . == 13 or (. > 31 and . < 55296)
      or (. > 57343 and . < 65534) or . > 65535))
  | implode | @html | gsub("\n"; "&#10;") | gsub("\r"; "&#13;") | gsub("\t"; "&#9;");
def testcase:
  "    <testcase classname=\"test-cluster\" name=\"\(.name | xml)\" time=\"\(.seconds)\""
  + if .result == "passed" then "/>"
    elif .result == "skipped" then "><skipped message=\"\(.detail | xml)\"/></testcase>"
    else "><failure message=\"\(.detail | xml)\">\("next: \(.next)" | xml)</failure></testcase>"
    end;
def junit:
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
  "<testsuites>",
  "  <testsuite name=\"test-cluster \($profile | xml)\" tests=\"\(length)\""
    + " failures=\"\(count("failed"))\" errors=\"0\" skipped=\"\(count("skipped"))\""
    + " time=\"\(total_seconds)\">",
  (.[] | testcase),
  "  </testsuite>",
  "</testsuites>";

if $format == "line" then .[-1] | line
elif $format == "summary" then summary
elif $format == "junit" then junit
else {
    profile: $profile, url: $url, way: $way, model: $model,
    passed: count("passed"), failed: count("failed"), skipped: count("skipped"), tests: .
  }
end
