// Builds web/static/dist from src: one stylesheet, one script, the fonts. The same sources give the same bytes.
import { build } from 'esbuild';
import { compile, Logger } from 'sass';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(fileURLToPath(import.meta.url)));
const outdir = process.env.BIEG_DIST ? resolve(process.env.BIEG_DIST) : resolve('../web/static/dist');
rmSync(outdir, { recursive: true, force: true });

const styles = {
  name: 'styles',
  setup(bundle) {
    bundle.onLoad({ filter: /\.scss$/ }, (file) => ({
      loader: 'css',
      resolveDir: dirname(file.path),
      contents: compile(file.path, { loadPaths: ['node_modules'], quietDeps: true, logger: Logger.silent }).css,
    }));
    bundle.onResolve({ filter: /\.woff$/ }, (file) => ({ path: file.path, external: true })); // woff2 is enough
  },
};

const made = await build({
  entryPoints: { app: 'src/ui/app.js', theme: 'src/ui/theme.scss', fonts: 'src/ui/fonts.css' },
  outdir, bundle: true, minify: true, format: 'esm', target: 'es2022', metafile: true, logLevel: 'warning',
  plugins: [styles], loader: { '.woff2': 'file' }, assetNames: 'assets/[name]-[hash]', legalComments: 'none',
});

// Third-party notices ship with the build.
const notices = ['bootstrap', 'htmx.org', '@fontsource/fira-sans'].map((name) => {
  const about = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  const text = readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim();
  return `${name} ${about.version} (${about.license})\n\n${text}\n`;
});
mkdirSync(outdir, { recursive: true });
writeFileSync(`${outdir}/THIRD-PARTY.txt`, notices.join(`\n${'-'.repeat(72)}\n\n`));
cpSync('src/ui/icon.svg', `${outdir}/icon.svg`);

const sum = createHash('sha256');
const files = Object.keys(made.metafile.outputs).sort();
for (const file of files) sum.update(relative(outdir, resolve(file))).update(readFileSync(file));
console.log(`${files.length} files, sha256 ${sum.digest('hex').slice(0, 16)}`);
