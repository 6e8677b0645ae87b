using System.Net;

namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>A handler that lets a test choose the fault of each request.</summary>
internal sealed class FaultyNetwork(Func<HttpRequestMessage, Fault> decide) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (decide(request))
        {
            case Fault.RequestLost:
                throw new HttpRequestException("the request was lost");
            case Fault.TooMany:
                return new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("{}") };
            case Fault.AnswerLost:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                throw new HttpRequestException("the answer was lost");
            default:
                return await base.SendAsync(request, cancellationToken);
        }
    }
}
