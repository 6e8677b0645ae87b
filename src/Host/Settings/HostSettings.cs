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

namespace Monolith.Host.Settings;

/// <summary>Every setting that the host has: what is not in here is not read, and in a section of ours refused.</summary>
internal static class HostSettings
{
    public const string Embedded = "Embedded";
    public const string Kafka = "Kafka";

    private const string Databases = "ConnectionStrings";
    private const string Logging = "Logging";

    public static readonly Setting<string> Transport = Setting.OneOf("Transport", "How events travel: inside one process, or through Kafka between any number of them.", Embedded, Kafka);

    /// <summary>Loopback unless somebody says otherwise: there is no sign-in yet.</summary>
    public static readonly Setting<string> Urls = Setting.Text(
        "Urls", "http://127.0.0.1:5080", "addresses like http://127.0.0.1:5080, with a semicolon between", "Where it listens. There is no sign-in: keep it on loopback, or behind something that authenticates.", AreAddresses);

    private static readonly SettingFamily LogLevels = new(
        $"{Logging}:LogLevel", "category", "`Information`, of libraries `Warning`", $"one of {string.Join(", ", Enum.GetNames<LogLevel>())}",
        "What is logged, as in any .NET program.", text => Enum.TryParse<LogLevel>(text, ignoreCase: true, out _));

    private static readonly Setting<string> LogFormat = Setting.OneOf(
        $"{Logging}:Console:FormatterName", "How lines of the log look. With `json` each is a document, with the ids of its trace.", "simple", "json", "systemd");

    // The composition asks for the modules in another order than people read settings.
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

    /// <summary>Refuses what means nothing.</summary>
    public static void Require(IConfiguration configuration) => Check.Require(configuration);

    /// <summary>What looks like a slip, but may be another program's: environments are shared.</summary>
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
