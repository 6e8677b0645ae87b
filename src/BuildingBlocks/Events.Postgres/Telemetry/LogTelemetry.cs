using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Monolith.BuildingBlocks.Events.Postgres.Telemetry;

/// <summary>The traces and metrics of logs and relays.</summary>
internal static class LogTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Monolith.EventLog";

    /// <summary>Events that this process has committed, by <c>log</c>.</summary>
    public const string AppendedName = "monolith.log.appended";

    /// <summary>Events that the topic has acknowledged to the relay of this process, by <c>log</c>.</summary>
    public const string RelayedName = "monolith.relay.published";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Appended =
        Meter.CreateCounter<long>(AppendedName, "{event}", "Events that this process has committed.");

    public static readonly Counter<long> Relayed =
        Meter.CreateCounter<long>(RelayedName, "{event}", "Events that the topic has acknowledged to the relay of this process.");
}
