from benchmarks.accuracy.command import main

raise SystemExit(main())
