using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Embedded;
using Npgsql;

namespace Monolith.Host.Cli;

/// <summary>What runs from a data folder: its <c>endpoints.json</c>.</summary>
internal sealed record Endpoints(string? Http, string Postgres, string? Kafka)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public void Write(string dataFolder) => PrivateFile.Write(PathIn(dataFolder), JsonSerializer.Serialize(this, Json) + "\n");

    public static void Remove(string dataFolder) => File.Delete(PathIn(dataFolder));

    /// <summary>Null: nothing was started there, or it was stopped.</summary>
    public static Endpoints? Read(string dataFolder) =>
        File.Exists(PathIn(dataFolder)) ? JsonSerializer.Deserialize<Endpoints>(File.ReadAllText(PathIn(dataFolder)), Json) : null;

    /// <summary>What runs there now; the file of something that was killed does not count.</summary>
    public static async Task<Endpoints> RunningAsync(string dataFolder, CancellationToken cancellation)
    {
        if (Read(dataFolder) is { } endpoints && await endpoints.AnswersAsync(cancellation))
            return endpoints;
        throw new CommandFailedException($"Nothing runs from {Path.GetFullPath(dataFolder)}: start ./run or ./run services first.");
    }

    /// <summary>These endpoints as configuration of the host, whatever the environment says of another database; stores that keep files have them in the data folder too.</summary>
    public Dictionary<string, string?> Settings(string dataFolder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Monolith"] = Postgres,
            ["Transport"] = Kafka is null ? "Embedded" : "Kafka",
            ["Kafka:BootstrapServers"] = Kafka,
            ["Stores:Folder"] = Path.GetFullPath(Path.Combine(dataFolder, "stores")),
        };
        foreach (var module in Composition.Modules)
            settings[$"ConnectionStrings:{module.Name}"] = null;
        return settings;
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

    private static string PathIn(string dataFolder) => Path.Combine(dataFolder, "endpoints.json");
}
