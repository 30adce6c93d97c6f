# id: keras-activity-regularizer
# area: keras
# about: a penalty on the outputs

d = tf.keras.layers.Dense(2, kernel_initializer="ones", activity_regularizer=tf.keras.regularizers.L2(0.1))
y = d(tf.ones([2, 3]))
result = d.losses
