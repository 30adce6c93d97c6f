"""The course's widgets: one Python file and one JavaScript file each, of the same name.

    tf.viz.GraphViewer(spec)        # found by its name: graph_viewer.py and graph_viewer.js

README.md in this folder says how to write one.
"""
