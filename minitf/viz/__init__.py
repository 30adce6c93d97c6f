"""Pictures of graphs: text, stills and a viewer to step through.

tf.viz.show(tape, loss)                 # the viewer
tf.viz.show(tape, loss).static(-1)      # one frame as a PNG
tf.viz.to_dot(spec, step=-1)            # the same frame as DOT text
"""

from minitf.viz.dot import to_dot
from minitf.viz.engine import use_bundled_for_graphviz
from minitf.viz.show import show
from minitf.viz.static import StaticPicture, key_moments, static_picture

__all__ = ["StaticPicture", "key_moments", "show", "static_picture", "to_dot"]

# Notebooks that use the package `graphviz` directly then work without an installed `dot`.
use_bundled_for_graphviz()
