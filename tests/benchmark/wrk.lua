-- Requests for wrk: lines "path<TAB>ETag" of the file in the first argument; "distinct" as the second makes
-- every request one that was never sent before, by a comment at the end of the query.
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local lines, sent, distinct = {}, 0, false
function init(arguments)
  distinct = arguments[2] == "distinct"
  for line in io.lines(arguments[1]) do
    local path, tag = line:match("^([^\t]*)\t?(.*)$")
    lines[#lines + 1] = { path, tag }
  end
  start = os.time()
end

function request()
  sent = sent + 1
  local line = lines[(sent + number * 7) % #lines + 1]
  local headers = { Accept = wrk.headers["Accept"] }
  if line[2] ~= "" then headers["If-None-Match"] = line[2] end
  local path = distinct and line[1] .. "%20%23" .. start .. "-" .. number .. "-" .. sent or line[1]
  return wrk.format("GET", path, headers)
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format('{"requests": %d, "microseconds": %d, "failed": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)))
end
