# id: keras-functional-dict
# area: keras
# about: inputs by name

i = {"a": tf.keras.Input((2,), name="a"), "b": tf.keras.Input((2,), name="b")}
m = tf.keras.Model(i, tf.keras.layers.Add()([i["a"], i["b"]]))
result = m({"a": tf.ones([1, 2]), "b": tf.ones([1, 2])})
