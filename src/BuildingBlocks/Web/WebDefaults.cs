using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Web.Access;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.Limits;
using Monolith.BuildingBlocks.Web.Numbers;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.BuildingBlocks.Web.Routing;
using Monolith.BuildingBlocks.Web.ServerSentEvents;
using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.BuildingBlocks.Web;

/// <summary>The HTTP defaults of a host: limits, strict JSON, and a problem document for every failure.</summary>
public static class WebDefaults
{
    /// <summary>The settings.</summary>
    public static IReadOnlyList<Setting> Settings => [AllowedHosts.Hosts, RequestTraffic.MaxConcurrent, SseSettings.HeartbeatSeconds];

    /// <summary>Registers the defaults.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddWebDefaults(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = _ => HeaderText.Encoding;
            kestrel.Limits.MaxRequestBodySize = RequestLimits.DiscardedBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = RequestLimits.HeaderBytes;
            kestrel.Limits.MaxRequestLineSize = RequestLimits.RequestLineBytes;
            kestrel.Limits.RequestHeadersTimeout = RequestLimits.HeadersTimeout;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(RequestLimits.MinBytesPerSecond, RequestLimits.DataRateGracePeriod);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(RequestLimits.MinBytesPerSecond, RequestLimits.DataRateGracePeriod);
        });
        services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endpoint =>
        {
            // Accepted sockets inherit the option.
            var listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            listening.SendBufferSize = RequestLimits.SendBufferBytes;
            return listening;
        });
        services.Configure<JsonOptions>(json => UseStrictJson(json.SerializerOptions));
        // ASP.NET Core reads the same setting and would respond without a problem document.
        services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = ["*"]);
        services.AddSingleton<AllowedHosts>();
        services.AddSingleton<SseSettings>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RequestTraffic>();
        services.AddHealthChecks().AddCheck<DrainingCheck>("host", tags: ["ready"]);
        return services;
    }

    /// <summary>Adds the middleware. Call it before everything that can fail.</summary>
    /// <param name="app">The host.</param>
    public static IApplicationBuilder UseWebDefaults(this IApplicationBuilder app) => app
        .UseMiddleware<DefaultHeadersMiddleware>()
        .UseRoutingWithHead()
        .UseMiddleware<TrafficMiddleware>()
        .UseMiddleware<ProblemMiddleware>()
        .UseMiddleware<RequestOriginMiddleware>()
        .UseMiddleware<RepeatedParametersMiddleware>()
        .UseMiddleware<BodyLimitMiddleware>()
        .UseMiddleware<ConsistencyMiddleware>();

    /// <summary>Adds the types that a module reads and writes over HTTP.</summary>
    /// <param name="module">The module.</param>
    /// <param name="types">Its source-generated JSON context.</param>
    public static void AddJson(this ModuleBuilder module, IJsonTypeInfoResolver types) =>
        module.Services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, types));

    private static void UseStrictJson(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.AllowDuplicateProperties = false;
        json.MaxDepth = RequestLimits.JsonDepth;
        json.Encoder = PlainTextEncoder.Instance;
        json.Converters.Add(new UtcMicroseconds());
        ExactNumbers.AddTo(json.Converters);
    }
}
