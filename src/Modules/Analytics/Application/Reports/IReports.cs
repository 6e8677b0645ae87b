using System.Text.Json;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Analytics.Application.Reports;

/// <summary>Runs reports over the current facts, or over a snapshot of them.</summary>
internal interface IReports
{
    /// <summary>Starts a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="snapshot">The name of a snapshot; null for the current facts.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The rows; an error if the snapshot does not exist.</returns>
    Task<Result<IReportRows>> RunAsync(Report report, string? snapshot, CancellationToken cancellation);
}

/// <summary>The rows of a report, which are read one by one and never held in memory as a whole.</summary>
internal interface IReportRows : IDisposable
{
    /// <summary>Moves to the next row; false after the last one.</summary>
    bool Read();

    /// <summary>Writes the columns of the current row as JSON properties.</summary>
    void Write(Utf8JsonWriter json);
}
