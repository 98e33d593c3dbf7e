-- Health of a FlinkCluster for Argo CD: from its conditions, which are API, never from its internal state.
local health = {status = "Progressing", message = "Waiting for the Flink operator"}
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end
local conditions = {}
for _, condition in ipairs(obj.status.conditions or {}) do
  conditions[condition.type] = condition
end
local function is(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end
if conditions.Ready ~= nil then
  health.message = conditions.Ready.message
end
if is("Stalled") then
  health.status = "Degraded"
  health.message = conditions.Stalled.message
elseif is("Ready") and not is("Reconciling") then
  health.status = "Healthy"
  if conditions.Ready.reason == "Suspended" then
    health.status = "Suspended"
  end
end
return health
