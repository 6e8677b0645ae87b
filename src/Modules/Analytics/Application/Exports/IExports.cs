using System.Net;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Analytics.Application.Exports;

/// <summary>Exports of events and facts as Parquet files. Finished files are cached for clients that read them in ranges.</summary>
internal interface IExports
{
    /// <summary>The cached file with one of the tags; null if there is none.</summary>
    ExportFile? FindCached(ExportKey key, ExportClient client, IReadOnlyCollection<string> tags);

    /// <summary>The cached file that the client was sent last; null if there is none.</summary>
    ExportFile? FindLastSent(ExportKey key, ExportClient client);

    /// <summary>Writes the file, or returns the cached one if nothing has changed since it was written.</summary>
    /// <param name="key">The export.</param>
    /// <param name="client">The client that the file is sent to.</param>
    /// <param name="mustStartNow">Whether the file must include all events up to this call: a running export is not joined.</param>
    /// <param name="cancellation">Cancels waiting; the export continues.</param>
    /// <exception cref="BuildingBlocks.Events.Transport.EventsUnavailableException">Events cannot be read.</exception>
    Task<Result<ExportFile>> GetAsync(ExportKey key, ExportClient client, bool mustStartNow, CancellationToken cancellation);
}

/// <summary>An export: a data set as of a time.</summary>
/// <param name="DataSet">One of <see cref="ExportDataSets"/>.</param>
/// <param name="Until">The time; null for all events.</param>
internal sealed record ExportKey(string DataSet, DateTimeOffset? Until);

internal static class ExportDataSets
{
    public const string Events = "events";
    public const string Orders = "orders";
    public const string OrderLines = "order-lines";
    public const string Customers = "customers";

    /// <summary>The data sets that projections maintain.</summary>
    public static IReadOnlyList<string> Facts { get; } = [Orders, OrderLines, Customers];
}

/// <summary>A client that reads a file with several requests, perhaps over several connections.</summary>
internal sealed record ExportClient(IPAddress? Address, string UserAgent);

/// <summary>A finished export, opened to be sent.</summary>
/// <param name="tag">The entity tag, with quotes.</param>
/// <param name="content">The content.</param>
/// <param name="closed">Called when the file is closed.</param>
internal sealed class ExportFile(string tag, Stream content, Action closed) : IDisposable
{
    public string Tag => tag;

    public Stream Content => content;

    public void Dispose()
    {
        content.Dispose();
        closed();
    }
}
