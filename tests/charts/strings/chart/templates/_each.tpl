{{- define "strings.each" }}{{ $s := . }}
{{ $s | quote }} {{ upper $s }} {{ lower $s }} {{ title $s }} {{ untitle $s }} {{ camelcase $s }} {{ snakecase $s }} {{ kebabcase $s }} {{ swapcase $s }} {{ initials $s }}
{{ trim $s }} {{ trimAll "Hd" $s }} {{ trimPrefix "H" $s }} {{ trimSuffix "d" $s }} {{ trunc 3 $s | quote }} {{ trunc -3 $s | quote }} {{ nospace $s }}
{{ abbrev 6 $s | quote }} {{ abbrevboth 2 8 $s | quote }} {{ wrap 4 $s | quote }} {{ wrapWith 4 "/" $s }} {{ contains "o" $s }} {{ hasPrefix "H" $s }} {{ hasSuffix "d" $s }}
{{ repeat 2 $s }} {{ replace "o" "0" $s }} {{ indent 2 $s | quote }} {{ nindent 2 $s | quote }} {{ len $s }} {{ sha256sum $s }} {{ sha1sum $s }} {{ sha512sum $s | trunc 12 }} {{ adler32sum $s }}
{{ b64enc $s }} {{ b64enc $s | b64dec | quote }} {{ b32enc $s }} {{ b32enc $s | b32dec | quote }} {{ splitList " " $s | toJson }} {{ split " " $s | toJson }} {{ splitn " " 2 $s | toJson }}
{{ regexMatch "^[A-Z]" $s }} {{ regexFindAll "[a-z]+" $s -1 | toJson }} {{ regexFind "[a-z]+" $s | quote }} {{ regexReplaceAll "([a-z])([a-z])" $s "${2}$1" }} {{ regexReplaceAllLiteral "l+" $s "$1" }} {{ regexSplit "[ _-]" $s -1 | toJson }} {{ regexQuoteMeta $s }}
{{ mustRegexMatch "W" $s }} {{ mustRegexFind "\\d+" $s | quote }} {{ mustRegexReplaceAll "(?i)h" $s "-" }} {{ plural "one" "many" (len $s) }} {{ if gt (len $s) 3 }}{{ substr 0 3 $s | quote }} {{ substr 2 -1 $s | quote }} {{ substr -1 2 $s | quote }} {{ substr 1 99 $s | quote }}{{ end }}
{{ base $s }} {{ dir $s }} {{ ext $s }} {{ clean $s }} {{ isAbs $s }} {{ toString $s }} {{ toStrings (list $s 1 nil) | toJson }}
{{- end }}
