-- Stops the job with a savepoint and keeps it. With automatic self-heal Argo CD sets it back: change it in Git then.
obj.spec.suspend = true
return obj
