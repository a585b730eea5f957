from benchmarks.checker.command import main

raise SystemExit(main())
