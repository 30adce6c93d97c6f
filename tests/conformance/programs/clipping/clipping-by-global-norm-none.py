# id: clipping-by-global-norm-none
# area: clipping
# about: None passes through

out, norm = tf.clip_by_global_norm([tf.constant([3.0]), None, tf.constant([4.0])], 1.0)
result = [out, norm]
