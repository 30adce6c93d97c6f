# id: data-cardinality
# area: data
# about: what is known of a dataset's length

D = tf.data.Dataset
result = [D.range(5).cardinality(), D.range(5).repeat().cardinality(), D.range(5).filter(lambda x: True).cardinality(), D.range(5).batch(2).cardinality(), D.range(5).take(10).cardinality(), D.range(5).skip(2).cardinality(), D.range(5).repeat(3).cardinality(), tf.data.INFINITE_CARDINALITY, tf.data.UNKNOWN_CARDINALITY]
