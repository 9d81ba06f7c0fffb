# results.json to a picture, SVG: throughput, and three latencies over the load.
def cut($most): if length > $most then .[0:$most - 1] + "…" else . end;
def escaped: tostring | @html;
def fixed: (. * 10 | round) / 10;
# A round number of at most four steps above a maximum.
def step: (. / 4) as $raw | (if $raw <= 0 then 1 else pow(10; $raw | log10 | floor) end) as $unit
  | [1, 2, 2.5, 5, 10] | map(. * $unit) | map(select(. >= $raw)) | .[0] // 1;
def brief: if . >= 100 then round | tostring else fixed | tostring end;
def number: if . == (. | round) then (. | round | tostring) else ((. * 1000 | round) / 1000 | tostring) end;

# panel: a title, the unit, the lines [{name, class, values}], and how the panel is drawn.
def panel($x; $y; $labels; $width; $height):
  (.lines | map(.values[] | select(. != null)) | max // 0) as $max
  | ($max | step) as $step | ([$max / $step | ceil, 1] | max) as $steps
  | ($width / ($labels | length)) as $slot
  | def across: $x + $slot * (. + 0.5) | fixed;
    def up: $y + $height - . / ($step * $steps) * $height | fixed;
    "<text class=\"panel\" x=\"\($x)\" y=\"\($y - 22)\">\(.title | escaped)</text>",
    "<text class=\"small\" x=\"\($x)\" y=\"\($y - 7)\">\(.unit | escaped)</text>",
    (range($steps + 1) * $step
      | "<line class=\"grid\" x1=\"\($x)\" x2=\"\($x + $width)\" y1=\"\(up)\" y2=\"\(up)\"/>",
        "<text class=\"small end\" x=\"\($x - 8)\" y=\"\(up + 4)\">\(number)</text>"),
    (range($labels | length) as $i
      | "<text class=\"small middle\" x=\"\($i | across)\" y=\"\($y + $height + 18)\">\($labels[$i] | escaped)</text>"),
    (.bars as $bars | .lines[] | . as $line
      | (if $bars then empty else
          "<polyline class=\"\(.class)\" points=\"\([.values | to_entries[] | select(.value != null)
            | "\(.key | across),\(.value | up)"] | join(" "))\"/>" end),
        (.values | to_entries[] | select(.value != null)
          | "<title>\($line.name | escaped), \($labels[.key] | escaped): \(.value | number)</title>" as $title
          | if $bars then
              (.value | up) as $top
              | "<rect class=\"\($line.class)\" x=\"\((.key | across) - 18 | fixed)\" y=\"\($top)\" width=\"36\" height=\"\($y + $height - $top | fixed)\" rx=\"3\">\($title)</rect>",
                "<text class=\"small middle strong\" x=\"\(.key | across)\" y=\"\($top - 6 | fixed)\">\(.value | brief)</text>"
            else
              "<circle class=\"\($line.class)\" cx=\"\(.key | across)\" cy=\"\(.value | up)\" r=\"4\">\($title)</circle>"
            end));

def latencies($name): [
  {name: "P99", class: "p99", values: map(.[$name].p99)},
  {name: "P95", class: "p95", values: map(.[$name].p95)},
  {name: "P50", class: "p50", values: map(.[$name].p50)}];

(.scenarios | map("\(.requests)/\(.clients)")) as $labels
| ([.scenarios[].failed] | add) as $failed
| "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 740\" role=\"img\" aria-label=\"Results of the benchmark\">",
  "<style>
  svg { background: #fcfcfb; font: 13px system-ui, sans-serif; --ink: #1a1a19; --soft: #63625e; --rule: #e3e2de;
    --p50: #1c5cab; --p95: #5598e7; --p99: #9ec5f4; --rate: #1a8a7d; --bad: #c2362f; }
  @media (prefers-color-scheme: dark) { svg { background: #1a1a19; --ink: #f3f2ee; --soft: #a9a8a2; --rule: #383835;
    --p50: #cde2fb; --p95: #6da7ec; --p99: #2a78d6; --rate: #4db8aa; --bad: #f0807a; } }
  text { fill: var(--ink); } .title { font-size: 19px; font-weight: 600; } .panel { font-weight: 600; }
  .small { fill: var(--soft); font-size: 12px; } .strong { fill: var(--ink); } .bad { fill: var(--bad); font-weight: 600; }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
  .grid { stroke: var(--rule); } polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .p50 { stroke: var(--p50); } .p95 { stroke: var(--p95); } .p99 { stroke: var(--p99); }
  rect, circle { stroke: none !important; }
  circle.p50, rect.p50 { fill: var(--p50); } circle.p95, rect.p95 { fill: var(--p95); } circle.p99, rect.p99 { fill: var(--p99); } .rate { fill: var(--rate); }
  </style>",
  "<text class=\"title\" x=\"40\" y=\"38\">\("\(.profile): \(.model)" | cut(70) | escaped)</text>",
  "<text class=\"small\" x=\"40\" y=\"58\">\("\(.run), from \(.from) to \(.url)" | cut(130) | escaped)</text>",
  "<text class=\"small\" x=\"40\" y=\"76\">\(.tool | escaped); each step of load is requests/clients</text>",
  (if $failed > 0 then
    "<text class=\"bad\" x=\"400\" y=\"76\">\($failed) requests failed and are in no figure</text>"
  else empty end),
  ({P50: "p50", P95: "p95", P99: "p99"} | to_entries | to_entries[]
    | "<rect class=\"\(.value.value)\" x=\"\(800 + .key * 58)\" y=\"64\" width=\"12\" height=\"12\" rx=\"3\"/>",
      "<text class=\"small\" x=\"\(817 + .key * 58)\" y=\"75\">\(.value.key)</text>"),
  (.scenarios
    | ({title: "Throughput", unit: "output tokens a second", bars: true,
        lines: [{name: "tokens a second", class: "rate", values: map(.outputTokensPerSecond)}]}
        | panel(80; 140; $labels; 380; 220)),
      ({title: "Time to first token", unit: "milliseconds", lines: latencies("timeToFirstToken")}
        | panel(570; 140; $labels; 380; 220)),
      ({title: "Time between tokens", unit: "milliseconds", lines: latencies("interTokenLatency")}
        | panel(80; 460; $labels; 380; 220)),
      ({title: "Time of a request", unit: "milliseconds", lines: latencies("requestLatency")}
        | panel(570; 460; $labels; 380; 220))),
  "</svg>"
