namespace Monolith.Benchmarks.CatchUp;

/// <summary>The cost of building the read model.</summary>
/// <param name="Seconds">Elapsed time, in seconds.</param>
/// <param name="ReaderCpu">Processor time of the process that reads and folds, in seconds; JIT compilation included.</param>
/// <param name="PostgresCpu">Processor time of PostgreSQL, in seconds; null where it was not measured.</param>
internal sealed record ReplayCost(double Seconds, double ReaderCpu, double? PostgresCpu);
