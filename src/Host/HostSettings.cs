using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Streaming;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Host.Telemetry;

namespace Monolith.Host;

/// <summary>All settings of the host. An unknown setting in one of their sections is refused.</summary>
internal static class HostSettings
{
    public const string Embedded = "Embedded";
    public const string Kafka = "Kafka";

    private const string Databases = "ConnectionStrings";
    private const string Logging = "Logging";

    public static readonly Setting<string> Transport = Setting.OneOf(
        "Transport", "How events travel: inside one process, or through Kafka between any number of processes.", Embedded, Kafka);

    /// <summary>The default is loopback, because there is no sign-in yet.</summary>
    public static readonly Setting<string> Urls = Setting.Text(
        "Urls", "http://127.0.0.1:5080", "addresses like http://127.0.0.1:5080, with a semicolon between",
        "The addresses to listen on. There is no sign-in: keep them on loopback, or behind something that authenticates.", AreAddresses);

    private static readonly SettingFamily LogLevels = new(
        $"{Logging}:LogLevel", "category", "`Information`, of libraries `Warning`",
        $"one of {string.Join(", ", Enum.GetNames<LogLevel>())}", "The log level, as in any .NET program.",
        text => Enum.TryParse<LogLevel>(text, ignoreCase: true, out _));

    private static readonly Setting<string> LogFormat = Setting.OneOf(
        $"{Logging}:Console:FormatterName", "The format of log lines. With `json` each line is a document with its trace id.",
        "simple", "json", "systemd");

    // In the order of the documentation.
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. PostgresSettings.All([.. Composition.Modules.Select(module => module.Name)]),
        Transport,
        .. KafkaRegistration.Settings,
        ModuleHosting.ChoiceOf(Composition.Modules),
        Urls,
        .. LogRegistration.Settings,
        .. ProjectionRegistration.Settings,
        .. DuckDbProjections.Settings,
        .. ElasticsearchProjections.Settings,
        .. Composition.Modules.SelectMany(module => module.Settings),
        .. WebDefaults.Settings,
        .. LiveRegistration.Settings,
        LogLevels,
        LogFormat,
        .. TelemetrySettings.All,
    ];

    private static SettingsCheck Check => new(All, Databases, Logging);

    /// <summary>Throws if a setting is invalid or unknown.</summary>
    public static void Require(IConfiguration configuration) => Check.Require(configuration);

    /// <summary>Unknown settings that may belong to another program, because environments are shared.</summary>
    public static IEnumerable<string> Warnings(IConfiguration configuration) => Check.Unread(configuration, Databases);

    private static bool AreAddresses(string text)
    {
        try
        {
            return text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } addresses
                && addresses.All(address => BindingAddress.Parse(address).Scheme is "http" or "https");
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
