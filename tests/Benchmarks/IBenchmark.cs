using Monolith.Benchmarks.Reporting;

namespace Monolith.Benchmarks;

/// <summary>Compares the host with a baseline that shares no code with it.</summary>
internal interface IBenchmark
{
    string Name { get; }

    Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation);
}
