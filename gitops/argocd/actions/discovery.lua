-- Which buttons Argo CD shows for a FlinkCluster.
local function annotation(name)
  return obj.metadata.annotations ~= nil and obj.metadata.annotations["flinkcluster.io/" .. name] or nil
end
local suspended = obj.spec.suspend == true
local job = obj.spec.job ~= nil
local deleting = obj.metadata.deletionTimestamp ~= nil
local actions = {}
actions["savepoint"] = {disabled = deleting or suspended or not job}
actions["restart"] = {disabled = deleting or suspended}
actions["suspend"] = {disabled = deleting or suspended}
actions["resume"] = {disabled = deleting or not suspended}
actions["pause"] = {disabled = deleting or annotation("pause") == "true"}
actions["unpause"] = {disabled = annotation("pause") ~= "true"}
return actions
