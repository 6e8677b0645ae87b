using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.Answers;

/// <summary>The URL of the page after this one: the same request with another cursor.</summary>
internal static class NextPage
{
    public static string UrlOf(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(
            parameter => !parameter.Key.Equals(QueryReader.AfterName, StringComparison.OrdinalIgnoreCase)))
        {
            { QueryReader.AfterName, cursor },
        };
        return (request.PathBase + request.Path).ToUriComponent() + query.ToQueryString().ToUriComponent();
    }
}
