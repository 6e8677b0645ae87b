using System.Text.Json.Serialization;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Api;

/// <summary>What Search writes over HTTP.</summary>
[JsonSerializable(typeof(SearchPageBody<CustomerHit>))]
[JsonSerializable(typeof(SearchPageBody<OrderHit>))]
internal sealed partial class SearchApiJson : JsonSerializerContext;
