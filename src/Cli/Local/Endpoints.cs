using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Cli.Invocation;
using Monolith.Host;
using Npgsql;

namespace Monolith.Cli.Local;

/// <summary>
/// The addresses of what runs from a data folder. They are stored there in <c>endpoints.json</c>, and as settings of a host in
/// <c>hostsettings.json</c>, where a host in Development finds them.
/// </summary>
internal sealed record Endpoints(string? Http, string Postgres, string? Kafka)
{
    private const string EndpointsFile = "endpoints.json";
    private const string SettingsFile = "hostsettings.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The servers as settings of a host. File stores are in the data folder too.</summary>
    public Dictionary<string, string> Settings(string dataFolder)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:Monolith"] = Postgres,
            ["Transport"] = Kafka is null ? "Embedded" : "Kafka",
            ["Stores:Folder"] = Path.GetFullPath(Path.Combine(dataFolder, "stores")),
        };
        if (Kafka is not null)
            settings["Kafka:BootstrapServers"] = Kafka;
        return settings;
    }

    /// <summary>The settings, with null for those that must not come from the environment.</summary>
    public Dictionary<string, string?> OverridingSettings(string dataFolder)
    {
        var settings = new Dictionary<string, string?> { ["Kafka:BootstrapServers"] = null };
        foreach (var module in Composition.ModuleNames)
            settings[$"ConnectionStrings:{module}"] = null;
        foreach (var (name, value) in Settings(dataFolder))
            settings[name] = value;
        return settings;
    }

    public void Write(string dataFolder)
    {
        PrivateFile.Write(Path.Combine(dataFolder, EndpointsFile), JsonSerializer.Serialize(this, Json) + "\n");
        PrivateFile.Write(Path.Combine(dataFolder, SettingsFile), JsonSerializer.Serialize(Settings(dataFolder), Json) + "\n");
    }

    public static void Remove(string dataFolder)
    {
        File.Delete(Path.Combine(dataFolder, SettingsFile));
        File.Delete(Path.Combine(dataFolder, EndpointsFile));
    }

    /// <summary>Returns the endpoints if the database answers: a process that was killed leaves its files behind.</summary>
    /// <exception cref="CommandFailedException">Nothing runs from the data folder.</exception>
    public static async Task<Endpoints> RunningAsync(string dataFolder, CancellationToken cancellation)
    {
        if (Read(dataFolder) is { } endpoints && await endpoints.AnswersAsync(cancellation))
            return endpoints;
        var command = SharedOptions.CommandName;
        throw new CommandFailedException($"Nothing runs from {Path.GetFullPath(dataFolder)}: start {command} or {command} services first.");
    }

    private static Endpoints? Read(string dataFolder)
    {
        var path = Path.Combine(dataFolder, EndpointsFile);
        return File.Exists(path) ? JsonSerializer.Deserialize<Endpoints>(File.ReadAllText(path), Json) : null;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(Postgres) { Pooling = false };
        await using var source = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "endpoints" }.Build();
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
