# id: tape-opened-twice
# area: tape
# about: a persistent tape opened again goes on

x = tf.Variable(2.0)
t = tf.GradientTape(persistent=True)
with t:
    y = x * x
with t:
    z = y * x
result = [t.gradient(z, x), t.gradient(y, x)]
