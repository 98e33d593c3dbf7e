-- Asks for a savepoint once: the token is new each time, and the operator echoes it in status.actions.savepoint.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["flinkcluster.io/savepoint"] = os.date("!%Y-%m-%dT%XZ")
return obj
