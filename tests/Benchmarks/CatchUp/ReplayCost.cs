namespace Monolith.Benchmarks.CatchUp;

/// <summary>What it took to build the read model.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="ReaderCpu">Processor time of the process that reads and folds, in seconds; its compiling included.</param>
/// <param name="PostgresCpu">Processor time of PostgreSQL, in seconds; null where it was not taken.</param>
internal sealed record ReplayCost(double Seconds, double ReaderCpu, double? PostgresCpu);
