// Builds the pages into the Python package, which serves them: no inline script, every asset with
// a hash in its name, and each text asset also compressed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const OUT = "../saleor_amazon_app/entrypoints/built_pages";
// Macaw UI brings some sixty font files; the pages are set in these two.
const FONTS = /Inter-(roman|italic)\.var\.woff2/;

function fewFonts(): Plugin {
  return {
    name: "few-fonts",
    enforce: "pre",
    transform(css, id) {
      if (!id.includes("macaw-ui") || !id.includes("style.css")) return null;
      return css.replace(/@font-face\{[^}]*\}/g, (face) => (FONTS.test(face) ? face : ""));
    },
  };
}

function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const path = join(options.dir ?? OUT, name);
        const content = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(content));
      }
    },
  };
}

export default defineConfig({
  base: "/app/",
  plugins: [fewFonts(), react(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    // What pages share comes in one file, not in a dozen.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "shared", test: /src\/(parts|format|api)\// }] } },
    },
  },
});
