# id: losses-metric-own
# area: losses
# about: a metric of one's own

class M(tf.keras.metrics.Metric):
    def __init__(self, name="m", **k):
        super().__init__(name=name, **k); self.s = self.add_weight(name="s", initializer="zeros")
    def update_state(self, y, p, sample_weight=None): self.s.assign_add(tf.reduce_sum(tf.abs(y - p)))
    def result(self): return self.s
m = M(); m.update_state(tf.ones([2]), tf.zeros([2])); a = float(m.result()); m.reset_state()
result = [a, float(m.result()), len(m.variables)]
