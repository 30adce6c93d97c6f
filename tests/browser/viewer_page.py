"""A GraphViewer on a page, in a test's words: press keys, read values, gradients, questions."""


class Viewer:
    """The k-th viewer of a page."""

    def __init__(self, page, k=0):
        self.page = page
        self.root = page.locator(".mtf-graph-viewer").nth(k)
        self.root.wait_for()

    def focus(self):
        self.root.locator("input[type=range]").focus()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def step(self):
        return int(self.root.get_attribute("data-step"))

    def phase(self):
        return self.root.get_attribute("data-phase")

    def sentence(self):
        return self.root.locator(".mtf-sentence").inner_text()

    def node(self, name):
        names = self.root.locator(".mtf-node", has=self.page.locator(f"text.mtf-name >> '{name}'"))
        return names.first

    def value(self, name):
        return self.node(name).locator(".mtf-value").text_content()

    def gradient(self, name):
        return self.node(name).locator(".mtf-grad").text_content()

    def edge(self, edge_id):
        return self.root.locator(f".mtf-edge[data-edge={edge_id}] .mtf-line")

    def asking(self):
        return self.root.get_attribute("data-asking")


def style(locator, name):
    return locator.evaluate("(e, name) => getComputedStyle(e)[name]", name)
