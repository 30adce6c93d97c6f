# id: variables-module-name-scope
# area: variables
# about: variables named after their module

class M(tf.Module):
    @tf.Module.with_name_scope
    def __call__(self, x):
        if not hasattr(self, "w"):
            self.w = tf.Variable(1.0, name="w")
        return x * self.w
m = M()
m(2.0)
result = m.w.name
