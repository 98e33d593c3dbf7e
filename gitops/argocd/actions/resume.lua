-- Continues from the savepoint that was kept.
obj.spec.suspend = false
return obj
