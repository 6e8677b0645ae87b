using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Monolith.Cli.Demo;

/// <summary>Sends the requests of a demo and counts their outcomes.</summary>
internal sealed class DemoClient(HttpClient http, DemoProgress progress)
{
    private const string CustomerUnknown = "urn:problem:customer-unknown";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    // Orders learns of a customer within milliseconds, or after its readers have restarted.
    private static readonly TimeSpan RetryTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Returns the response; null if the request was refused or failed.</summary>
    public async Task<JsonElement?> SendAsync(HttpMethod method, string path, object body)
    {
        var started = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                var sent = Stopwatch.GetTimestamp();
                using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
                using var response = await http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                progress.Took(Stopwatch.GetElapsedTime(sent));
                if (response.IsSuccessStatusCode)
                    return JsonElement.Parse(text);

                if (IsUnknownCustomer(response.StatusCode, text) && started.Elapsed < RetryTimeout)
                {
                    progress.Retried();
                    await Task.Delay(RetryDelay);
                    continue;
                }

                var isRefused = response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity;
                if (isRefused && !IsUnknownCustomer(response.StatusCode, text))
                    progress.Refused();
                else
                    progress.Failed($"{method} {path}: {(int)response.StatusCode} {text}".ReplaceLineEndings(" "));
                return null;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException)
        {
            progress.Failed($"{method} {path}: {exception.Message}");
            return null;
        }
    }

    private static bool IsUnknownCustomer(HttpStatusCode status, string text) =>
        status == HttpStatusCode.UnprocessableEntity && text.Contains(CustomerUnknown, StringComparison.Ordinal);
}
