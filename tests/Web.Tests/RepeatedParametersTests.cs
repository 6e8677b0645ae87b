using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class RepeatedParametersTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("?limit=1&after=x&type=a")]
    [InlineData("?type=a,b")]
    [InlineData("?type=a%26type=b")]
    public void Parameters_that_are_given_once_are_accepted(string query) =>
        RepeatedParametersMiddleware.ErrorOf(Request(query)).ShouldBeNull();

    [Theory]
    [InlineData("?type=a&type=b", "type")]
    [InlineData("?type=a&type=a", "type")]
    [InlineData("?type=&type", "type")]
    [InlineData("?limit=1&LIMIT=2", "limit")]
    [InlineData("?limit=1&%6Cimit=2", "limit")]
    [InlineData("?unknown=1&unknown=2&limit=1", "unknown")]
    public void Repeated_parameter_is_refused_by_name(string query, string name)
    {
        var error = RepeatedParametersMiddleware.ErrorOf(Request(query))!;

        error.Slug.ShouldBe("invalid-request");
        error.Fields!.Keys.ShouldBe([name]);
    }

    [Fact]
    public void Every_repeated_parameter_is_named() =>
        RepeatedParametersMiddleware.ErrorOf(Request("?a=1&b=1&a=2&c=1&b=2"))!.Fields!.Keys.ShouldBe(["a", "b"], ignoreOrder: true);

    private static HttpRequest Request(string query)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        return context.Request;
    }
}
