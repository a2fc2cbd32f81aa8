"""The pages in a real browser, inside the simulated shop's dashboard."""
