using Monolith.Benchmarks.Reporting;

namespace Monolith.Benchmarks;

/// <summary>Measures the host against a baseline that uses nothing of it.</summary>
internal interface IBenchmark
{
    string Name { get; }

    Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation);
}
