using System.CommandLine;
using System.Text.Json;
using Monolith.Host.Cli.Output;
using Monolith.Host.Health;

namespace Monolith.Host.Cli;

/// <summary><c>./run health</c>: whether a running host is ready, part by part. A container asks by it, since its image has neither shell nor curl.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var (url, json) = (SharedOptions.Url(), SharedOptions.Json());
        var command = new Command("health", "whether a running host is ready; exits with 1 where it is not") { url, json };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(url), Outputs.For(parsed.GetValue(json)), stop));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, IOutput output, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = WaitTimeout };
        try
        {
            using var response = await http.GetAsync(new Uri(url, "/health/ready"), stop);
            var document = await response.Content.ReadAsStringAsync(stop);
            var answer = JsonSerializer.Deserialize(document, HealthJson.Default.HealthResponse);
            if (answer?.Checks is null)
                throw new JsonException();
            await output.ShowAsync(document, [new Block.Line(answer.Status), CheckList(answer)]);
            return response.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new CommandFailedException($"No host answers at {url.GetLeftPart(UriPartial.Authority)}: start one with ./run, or say where it is with --url.");
        }
        catch (JsonException)
        {
            throw new CommandFailedException($"{url} does not answer as a host does: say where the host is with --url.");
        }
    }

    private static Block CheckList(HealthResponse answer)
    {
        KeyValuePair<string, HealthResponse.Check>[] checks = [.. answer.Checks];
        return Block.List(checks, "No part of it is checked.", ("CHECK", check => check.Key), ("STATUS", check => check.Value.Status), ("DETAIL", check => check.Value.Detail ?? "–"));
    }
}
