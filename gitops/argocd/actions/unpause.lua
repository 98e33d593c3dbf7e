-- The operator works on this cluster again. Set to "false", not removed: a nil would be no change to Argo CD's patch.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["flinkcluster.io/pause"] = "false"
return obj
