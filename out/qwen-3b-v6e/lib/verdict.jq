# What an answer proves: reads the raw answer and prints one verdict. Used by verdicts.sh.
# The arguments name, kind, url, model, body, code, took, type, location and problem are strings;
# body is what was sent.

# Text of unknown origin on one line: nothing that moves a cursor or turns a line around.
def flat:
  .[0:2000] | explode
  | map(if . < 32 or (. > 126 and . < 160) or (. > 8231 and . < 8239) or (. > 8293 and . < 8298)
        then 32 else . end)
  | implode | gsub(" +"; " ") | ltrimstr(" ") | rtrimstr(" ");
def short: flat | if length > 160 then .[0:157] + "..." else . end;
def show: tojson | short;
def shorten: if length > 90 then .[0:87] + "..." else . end;

def is_count: type == "number" and . >= 0 and . == floor;

def text_of_choice:
  [if $kind == "chat" then .message?.content?, .message?.reasoning_content?, .message?.reasoning?
   else .text? end]
  | map(select(type == "string" and test("\\S"))) | .[0];

def choice_problems:
  if (.choices | type) != "array" or (.choices | length) == 0 then "choices is empty"
  else .choices[0]
    | (if text_of_choice == null then "choices[0] has no text" else empty end),
      ((.finish_reason? // null) as $reason
        | if $reason == "stop" or $reason == "length" then empty
          else "finish_reason is \($reason | show), not \"stop\" or \"length\"" end)
  end;

def usage_problems:
  ($body | fromjson | .max_tokens) as $most
  | if (.usage | type) != "object" then "usage is missing"
    else .usage
      | if ([.prompt_tokens, .completion_tokens, .total_tokens] | all(is_count)) | not
        then "usage lacks token counts"
        elif .prompt_tokens == 0 or .completion_tokens == 0
          or .prompt_tokens + .completion_tokens != .total_tokens or .completion_tokens > $most
        then "usage does not add up: \(.prompt_tokens) + \(.completion_tokens) tokens, "
          + "\(.total_tokens) in total, \($most) allowed"
        else empty end
    end;

def generation_problems:
  (if $kind == "chat" then "chat.completion" else "text_completion" end) as $object
  | (if .object == $object then empty else "object is \(.object | show), not \"\($object)\"" end),
    (if .model == $model then empty
     else "it comes from the model \(.model | show), not \($model | show)" end),
    choice_problems, usage_problems;

def model_ids: [.data[] | objects | .id | strings];
def models_problems:
  if (.data | type) != "array" then "data is not a list"
  elif model_ids | any(. == $model) then empty
  else "it serves \(model_ids | show), not \($model | show)" end;

def samples: split("\n") | map(select(test("^vllm:[A-Za-z0-9_:]+(\\{.*\\})? [-+0-9.NaInfe]+")));
def parsed: try [fromjson] catch [];
def json_problems:
  . as $raw | parsed
  | if length == 0 then "the answer is not valid JSON: \($raw | short)"
    elif (.[0] | type) != "object" then "the answer is no JSON object: \($raw | short)"
    else .[0] | if $kind == "models" then models_problems else generation_problems end end;

# vLLM says what is wrong in JSON, in one of two shapes; load balancers in plain text or HTML.
def explanation:
  . as $raw | (parsed | .[0]) as $json
  | first(($json | objects | (.error | objects | .message), .message | strings), $raw) | short;

def shape_problems:
  if $kind == "health" then
    if $type | test("html"; "i") then "the answer is HTML: \(short)" else empty end
  elif $kind == "metrics" then
    if $type | test("^(text/plain|application/openmetrics-text) *(;|$)"; "i") | not
    then "the content type is \($type | show), not text/plain: \(short)"
    elif samples | length == 0 then "no line of metrics begins with vllm:"
    else empty end
  elif $type | test("^application/json *(;|$)"; "i") | not
  then "the content type is \($type | show), not application/json: \(short)"
  else json_problems end;

def problems:
  if $problem != "" then $problem | short
  elif $code != "200" then
    "HTTP \($code) instead of 200" + (if $location == "" then "" else ", a redirect to "
      + ($location | short) end) + (explanation | if . == "" then "" else ": " + . end)
  else shape_problems end;

def next_step:
  explanation as $said
  | if $problem | startswith("no complete answer")
    then "a server that still compiles is slow: try again, or raise REQUEST_TIMEOUT"
    elif $problem | startswith("the answer has")
    then "something else answers here: check GATEWAY_ADDRESS and the HTTPRoute"
    elif $problem != "" then "scripts/status.sh shows whether Gateway and Pods are ready"
    elif $location != "" then "send to where it redirects: check GATEWAY_ADDRESS and the scheme"
    elif $code == "401" or $code == "403"
    then "check that your address is in gateway.allowedSourceRanges of the profile"
    elif $code == "404" and ($said | test("model"; "i"))
    then "the server does not know this model name: see /v1/models, then run scripts/deploy.sh"
    elif $code == "404" then "no route matches this path: kubectl describe httproute"
    elif $code == "426" then "something on the way speaks HTTP/1.0: look for a proxy"
    elif $code == "502" or $code == "503"
    then "no healthy backend: kubectl describe healthcheckpolicy, then scripts/status.sh"
    elif $code == "504" then "the load balancer gave up: kubectl describe gcpbackendpolicy"
    elif $code != "200" then "look at the log of the model server: scripts/status.sh names its Pods"
    elif $kind == "metrics" then "check that the port-forward reaches vLLM: kubectl get pods"
    elif $kind == "health" or (parsed | length) == 0
    then "something else answers here: check GATEWAY_ADDRESS and the HTTPRoute"
    elif parsed | .[0] | tostring | contains($model | tojson) | not
    then "another deployment answers, or this one is older than this tree: scripts/deploy.sh"
    else "look at the log of the model server: scripts/status.sh names its Pods" end;

def proof:
  if $kind == "models" then fromjson | model_ids | show
  elif $kind == "health" then "HTTP 200"
  elif $kind == "metrics" then "\(samples | length) samples from vLLM"
  else fromjson
    | "\(.usage.prompt_tokens) + \(.usage.completion_tokens) tokens: "
      + (.choices[0] | text_of_choice | short | shorten | tojson)
  end;

([problems] | join("; ")) as $found
| {
    result: (if $found == "" then "passed" else "failed" end),
    name: $name,
    httpStatus: ($code | tonumber | if . == 0 then null else . end),
    seconds: ($took | tonumber | . * 1000 | round / 1000),
    url: $url,
    detail: (if $found == "" then proof else $found end),
    next: (if $found == "" then null else next_step end)
  }
