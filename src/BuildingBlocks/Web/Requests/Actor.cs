using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The actor of a request, which the client names in <c>X-Actor</c> until there is sign-in.</summary>
internal static class Actor
{
    public const string Header = "X-Actor";
    public const int MaxLength = 200;

    public static Result<string?> Read(HttpRequest request)
    {
        var header = request.Headers[Header];
        if (StringValues.IsNullOrEmpty(header))
            return (string?)null;

        var fault = header.Count == 1 ? PlainText.Fault(header[0], MaxLength) : "Must be given once.";
        return fault is null ? header[0]!.Trim() : RequestErrors.Invalid(new Dictionary<string, string[]> { [Header] = [fault] });
    }
}
