using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>Speaks with Elasticsearch. What passes by itself is tried again for as long as the caller has patience: no connection, no answer, 429, a gateway or a shard that is away.</summary>
internal sealed class ElasticsearchClient : IDisposable
{
    /// <summary>Smaller bodies are a packet or two anyway.</summary>
    private const int CompressedFrom = 16 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RenewedAfter = TimeSpan.FromMinutes(2);

    private readonly ElasticsearchSettings settings;
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly bool compresses;

    /// <param name="settings">Where it is.</param>
    /// <param name="clock">The time.</param>
    /// <param name="handler">How it is reached; null for the usual way.</param>
    public ElasticsearchClient(ElasticsearchSettings settings, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        this.settings = settings;
        this.clock = clock;
        // On this machine, both ends would only compute.
        compresses = !settings.Url.IsLoopback;
        handler ??= new SocketsHttpHandler
        {
            ConnectTimeout = ConnectWithin,
            PooledConnectionLifetime = RenewedAfter,
            AutomaticDecompression = compresses ? DecompressionMethods.GZip : DecompressionMethods.None,
            UseProxy = false,
        };
        http = new HttpClient(handler) { BaseAddress = settings.Url, Timeout = Timeout.InfiniteTimeSpan };
    }

    public TimeProvider Clock => clock;

    /// <summary>Sends a request, again where that may help.</summary>
    /// <exception cref="StorageUnavailableException">It could not be answered for as long as there was patience.</exception>
    public async Task<ElasticsearchResponse> SendAsync(ElasticsearchRequest request, RetryPolicy patience, CancellationToken cancellation)
    {
        var pauses = new Backoff(patience.Whole, clock);
        while (true)
        {
            var (answer, asked, failure) = await TryAsync(request, patience, cancellation);
            if (answer is not null)
                return answer;
            if (!await pauses.TakeAsync(asked, cancellation))
                throw new StorageUnavailableException($"Elasticsearch at {settings.Url.Authority} does not answer: {failure!.Message}", failure);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<(ElasticsearchResponse? Answer, TimeSpan? Asked, Exception? Failure)> TryAsync(ElasticsearchRequest request, RetryPolicy patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience.OfEach);
        try
        {
            using var message = MessageOf(request);
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var answer = new ElasticsearchResponse((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(limit.Token));
            return Passes(response.StatusCode) ? (null, AskedBy(response), answer.Failure()) : (answer, null, null);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            return (null, null, new TimeoutException($"no answer within {patience.OfEach.TotalSeconds:0} s", exception));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, null, exception);
        }
    }

    private static bool Passes(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private TimeSpan? AskedBy(HttpResponseMessage response) => response.Headers.RetryAfter switch
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
        var isCompressed = compresses && request.Body.Length >= CompressedFrom;
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
