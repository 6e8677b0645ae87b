using System.Diagnostics;
using Monolith.Host.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Monolith.System.Tests.Telemetry;

/// <summary>All spans of this process, kept in memory, as the host would export them.</summary>
internal sealed class Spans : IDisposable
{
    private readonly List<Activity> ended = [];
    private readonly TracerProvider provider;

    public Spans() =>
        provider =
            Sdk.CreateTracerProviderBuilder().AddHostSources().AddProcessor(new SimpleActivityExportProcessor(new Keeping(ended))).Build();

    public Activity[] All
    {
        get
        {
            lock (ended)
                return [.. ended];
        }
    }

    public Activity[] Named(string name) => [.. All.Where(span => span.DisplayName == name)];

    public void Dispose() => provider.Dispose();

    private sealed class Keeping(List<Activity> ended) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            lock (ended)
            {
                foreach (var span in batch)
                    ended.Add(span);
            }

            return ExportResult.Success;
        }
    }
}
