namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>A handler that delays each request until the test makes a step.</summary>
internal sealed class SteppedNetwork(Func<HttpRequestMessage, Task> before) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await before(request);
        return await base.SendAsync(request, cancellationToken);
    }
}
