using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.Cli.Invocation;
using Monolith.Cli.Output;

namespace Monolith.Cli.Admin;

/// <summary>Shows whether a running host is ready, check by check.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var (url, json) = (SharedOptions.Url(), SharedOptions.Json());
        var command = new Command("health", "whether a running host is ready; exits with 1 if it is not") { url, json };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(url), Outputs.For(parsed.GetValue(json)), stop));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, IOutput output, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        try
        {
            using var response = await http.GetAsync(new Uri(url, "/health/ready"), stop);
            var document = await response.Content.ReadAsStringAsync(stop);
            var health = JsonSerializer.Deserialize(document, HealthDocumentJson.Default.HealthDocument);
            if (health?.Checks is null)
                throw new JsonException();
            await output.ShowAsync(document, [new Block.Line(health.Status), Checks(health)]);
            return response.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw AdminClient.Unavailable(url);
        }
        catch (JsonException)
        {
            throw AdminClient.NotAHost(url);
        }
    }

    private static Block Checks(HealthDocument health) => Block.List(
        [.. health.Checks],
        "This host has no checks.",
        ("CHECK", check => check.Key),
        ("STATUS", check => check.Value.Status),
        ("DETAIL", check => check.Value.Detail ?? "–"));
}

/// <summary>The health of a host and of each part of it, as <c>/health/ready</c> returns it.</summary>
internal sealed record HealthDocument(string Status, IReadOnlyDictionary<string, HealthDocument.Check> Checks)
{
    internal sealed record Check(string Status, string? Detail);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthDocument))]
internal sealed partial class HealthDocumentJson : JsonSerializerContext;
