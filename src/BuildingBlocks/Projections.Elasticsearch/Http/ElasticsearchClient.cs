using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>Sends requests to Elasticsearch and retries transient failures: no connection, timeout, 429, 502, 503 and 504.</summary>
internal sealed class ElasticsearchClient : IDisposable
{
    /// <summary>Smaller bodies are not compressed.</summary>
    private const int MinCompressedBytes = 16 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly ElasticsearchSettings settings;
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly bool compresses;

    /// <param name="settings">The address.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="handler">The HTTP handler; null for the default.</param>
    public ElasticsearchClient(ElasticsearchSettings settings, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        this.settings = settings;
        this.clock = clock;
        // Compression does not pay off on a loopback connection.
        compresses = !settings.Url.IsLoopback;
        handler ??= new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            AutomaticDecompression = compresses ? DecompressionMethods.GZip : DecompressionMethods.None,
            UseProxy = false,
        };
        http = new HttpClient(handler) { BaseAddress = settings.Url, Timeout = Timeout.InfiniteTimeSpan };
    }

    public TimeProvider Clock => clock;

    /// <summary>Sends a request, and retries it.</summary>
    /// <exception cref="StorageUnavailableException">The retry policy is exhausted.</exception>
    public async Task<ElasticsearchResponse> SendAsync(
        ElasticsearchRequest request, RetryPolicy policy, CancellationToken cancellation)
    {
        var backoff = new Backoff(policy.Total, clock);
        while (true)
        {
            var (response, retryAfter, failure) = await TryAsync(request, policy, cancellation);
            if (response is not null)
                return response;
            if (!await backoff.WaitAsync(retryAfter, cancellation))
            {
                throw new StorageUnavailableException(
                    $"Elasticsearch at {settings.Url.Authority} does not answer: {failure!.Message}", failure);
            }
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<(ElasticsearchResponse? Response, TimeSpan? RetryAfter, Exception? Failure)> TryAsync(
        ElasticsearchRequest request, RetryPolicy policy, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(policy.PerAttempt);
        try
        {
            using var message = MessageOf(request);
            using var reply = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var body = await reply.Content.ReadAsByteArrayAsync(timeout.Token);
            var response = new ElasticsearchResponse((int)reply.StatusCode, body);
            return IsTransient(reply.StatusCode) ? (null, RetryAfter(reply), response.Failure()) : (response, null, null);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            return (null, null, new TimeoutException($"no answer within {policy.PerAttempt.TotalSeconds:0} s", exception));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, null, exception);
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout;

    private TimeSpan? RetryAfter(HttpResponseMessage reply) => reply.Headers.RetryAfter switch
    {
        { Delta: { } span } => span,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    private HttpRequestMessage MessageOf(ElasticsearchRequest request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(request.Path, UriKind.Relative));
        message.Headers.Authorization = settings.Credentials;
        if (request.Body.IsEmpty)
            return message;
        var isCompressed = compresses && request.Body.Length >= MinCompressedBytes;
        message.Content = new ReadOnlyMemoryContent(isCompressed ? Compressed(request.Body) : request.Body);
        message.Content.Headers.ContentType = request.IsLines ? Lines : Json;
        if (isCompressed)
            message.Content.Headers.ContentEncoding.Add("gzip");
        return message;
    }

    private static byte[] Compressed(ReadOnlyMemory<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(body.Span);
        return compressed.ToArray();
    }
}
