"""Guards over a Graph, the packs that name them, the waivers that excuse."""
