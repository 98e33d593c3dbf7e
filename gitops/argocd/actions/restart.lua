-- Asks for a restart once: the token is new each time, and the operator echoes it in status.actions.restart.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["flinkcluster.io/restart"] = os.date("!%Y-%m-%dT%XZ")
return obj
