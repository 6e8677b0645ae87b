using System.Text.Json;

namespace Monolith.Host.Health;

/// <summary>Asks a running host whether it is ready: the health check of the container image, which has neither a shell nor curl.</summary>
internal static class HealthProbe
{
    private const string Healthy = "healthy";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Writes the status and the checks that are not healthy.</summary>
    public static async Task<bool> IsReadyAsync(Uri url, TextWriter output)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout };
        try
        {
            using var response = await http.GetAsync(new Uri(url, "/health/ready"));
            var health = await response.Content.ReadFromJsonAsync(HealthJson.Default.HealthResponse);
            if (health?.Checks is null)
                throw new JsonException("The response is not the health of a host.");
            await output.WriteLineAsync(health.Status);
            foreach (var (name, check) in health.Checks.Where(entry => entry.Value.Status != Healthy))
                await output.WriteLineAsync($"{name} {check.Status}: {check.Detail}");
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"No host answers at {url.GetLeftPart(UriPartial.Authority)}: {exception.Message}");
            return false;
        }
    }
}
